"""The starter: a small world, a small language model of it, and preference data for three tasks.

`python -m tools.starter.make` (run in the repository root) makes all of `public/starter/` again.
"""
