"""The nouns of the roster: frozen values that import nothing but each other."""
