"""The roster in force repaired by the solver after a longer absence, with the fewest changes for others."""
