"""Confining a worker, seen from this side: what it may read, which system calls it may make, where it may write.

The grader's process makes the policy, with the libraries for it; a worker only puts it on (``worker/confine.py``).
So none of these libraries is within a learner's reach.
"""
