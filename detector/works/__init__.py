"""Works: which records are one work, over time, and the merged record of each."""
