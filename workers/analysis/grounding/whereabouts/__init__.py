"""Places: a change is told of the file and the function that it is in."""
