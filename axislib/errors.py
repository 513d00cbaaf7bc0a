"""What goes wrong in words a person can act on."""


class SeedError(ValueError):
    """Something in a seed that a person has to mend; the message says where and how."""
