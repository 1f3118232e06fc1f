"""How numbers and tables look: the only place that rounds, and the only place that writes HTML."""
