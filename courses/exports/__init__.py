"""Files of courses for people to take away."""
