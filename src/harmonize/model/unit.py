"""Units: which of them are rates or shares, that are never added, and what a rate counts (units.txt defines them)."""

PER = "_per_100k"
"""How the unit of a rate ends: so many per 100,000 inhabitants."""

PERCENT = "percent"

PERSONS = ("person", "registration")
"""Units in which one and the same may be counted under several codes, offences, forms and areas."""

STOCK = "inhabitant"
"""The unit of what is there at one time (unit.csv); every other unit counts what happens in a period."""

RATES = rf"{PER}$|^{PERCENT}$"
"""A pattern that finds the units of rates and shares."""


def is_rate(unit: str) -> bool:
    """Whether a unit is that of a rate or a share.

    >>> is_rate("person_per_100k"), is_rate("percent"), is_rate("person")
    (True, True, False)
    """
    return unit.endswith(PER) or unit == PERCENT


def counted(unit: str) -> str:
    """What is counted in a unit.

    >>> counted("person_per_100k"), counted("case")
    ('person', 'case')
    """
    return unit.removesuffix(PER)
