import pytest

from notifications.services.neutral import telling_words


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("Your place at Reading Crown Court", ["court"]),
        ("Courts and prisons", ["courts", "prisons"]),
        ("Hidden Sentence: your certificate", ["sentence"]),
        ("Your DBS check", ["dbs"]),
        ("About the OFFENDER’s family", ["offender"]),
        ("In custody, in jail, in gaol", ["custody", "jail", "gaol"]),
        ("His conviction; the judge's view", ["conviction", "judge's"]),
        ("ｐｒｉｓｏｎ", ["prison"]),
        ("príson visits", ["prison"]),
        ("crown-court shift", ["court"]),
        ("imprisonment", []),
        ("Your certificate is ready", []),
        ("A courteous reminder from the courtyard office", []),
        ("Probationary period", []),
        ("Your shift on Monday", []),
    ],
)
def test_words_that_tell_a_bystander(subject, told):
    assert telling_words(subject) == told
