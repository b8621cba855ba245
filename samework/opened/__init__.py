"""Opened: an index that is open, and its works over time; `samework/index.py` is made of them."""
