"""Before and after in the same people: a description of change.

Nobody is compared here. A mean change says what happened, not what caused it.
"""


def mean_change(mean_before: float, mean_after: float) -> float:
    """Return the change of the mean, after minus before.

    Parameters
    ----------
    mean_before, mean_after
        Means in the same unit.

    Returns
    -------
    float
        Negative where the mean fell.
    """
    return mean_after - mean_before
