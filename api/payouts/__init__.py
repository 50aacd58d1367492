"""Pay by the service: tariffs, payees, what was worked, and closed payment runs."""
