"""The framework's own operators, one file an exercise, with the signatures of the tasks."""
