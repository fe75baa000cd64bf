"""Naming a browser and a device for the person who uses them, from what the browser says."""

# The first that is found counts: most browsers also name those they descend from.
_BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
_DEVICES = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
]


def device_name(user_agent: str) -> str:
    """Name a device: 'Firefox on Windows', or what of it is known; nothing when nothing is.

    Browsers say less and less about themselves: no version is named, and an iPad may call itself
    a Mac.
    """
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    device = next((name for sign, name in _DEVICES if sign in user_agent), "")
    return " on ".join(filter(None, [browser, device]))
