"""Who reports sick, and how each shift that so loses its GP gets another one or is shown to the planner in red."""
