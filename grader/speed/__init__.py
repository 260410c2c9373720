"""Speed and memory: one function beside another, in fresh processes, timed from outside."""
