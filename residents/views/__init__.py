"""Pages of people, stays and the waiting list: one module for each."""
