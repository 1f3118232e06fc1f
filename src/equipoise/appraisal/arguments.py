"""Single numbers from a caller: those that cannot be are refused, all of one call together."""

from numbers import Real

import numpy as np

from equipoise.effects.domains import Domain
from equipoise.errors import UsageError


def check_numbers(domain: Domain, **values: object) -> None:
    """Refuse arguments that are no numbers of a domain. A missing number, NaN, is in none.

    Parameters
    ----------
    domain
        The numbers that make sense.
    **values
        Arguments, by the names that the message gives them.

    Raises
    ------
    UsageError
        If any is no number, or lies outside the domain; the message names each.
    """
    faults = []
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, Real):
            faults.append(f"{name} is {value!r}; it must be a number.")
        elif not domain.holds(np.asarray(value, dtype=np.float64)):
            faults.append(f"{name} is {float(value):g}; it {domain.must}.")
    if faults:
        raise UsageError(" ".join(faults))
