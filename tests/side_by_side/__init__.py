"""Networks as frameworks are used for them, beside the course's functions: the same numbers, step by step."""
