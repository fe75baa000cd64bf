"""Blocks of a lesson as an editor writes them, for tests."""

SECRET = "only after choosing"


def reflection(title="Think of a family", prompt="<p>Who was <b>there</b>?</p>"):
    return ("reflection", {"title": title, "prompt": prompt})


def branch(text, leads_to="", *, verdict="good", outcome="<p>It helped.</p>"):
    return {"text": text, "outcome": outcome, "verdict": verdict, "leads_to": leads_to}


def branching():
    """Gate, desk or home, end. Steps after the first, and what follows, hold the secret words."""
    steps = [
        {
            "key": "gate",
            "situation": "<p>At the gate.</p>",
            "question": "What do you do?",
            "choices": [
                branch("Say hello", "desk", outcome=f"<p>{SECRET} hello</p>"),
                branch("Walk by", "home", verdict="poor", outcome=f"<p>{SECRET} by</p>"),
                branch("Go home", verdict="partly", outcome=f"<p>{SECRET} off</p>"),
            ],
        },
        {
            "key": "desk",
            "situation": f"<p>{SECRET} at the desk.</p>",
            "question": "And now?",
            "choices": [branch("Listen", "home"), branch("Talk", verdict="poor")],
        },
        {
            "key": "home",
            "situation": f"<p>{SECRET} at home.</p>",
            "question": "Last of all?",
            "choices": [branch("Ring"), branch("Wait", verdict="partly")],
        },
    ]
    value = {
        "key": "",
        "outcome": "",
        "stem": "<p>A morning.</p>",
        "title": "A day",
        "steps": steps,
    }
    return ("branching", value)
