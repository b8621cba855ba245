"""Servers on loopback that speak the feeds' protocols, also badly; the suite starts them."""
