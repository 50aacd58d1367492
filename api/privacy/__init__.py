"""What is held about a GP: shown on request, erased on request, and erased by itself when its time is over."""
