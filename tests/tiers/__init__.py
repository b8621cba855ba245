"""
Tiers of tests: quick, test and soak, told apart by what a test needs.

    selection   marks tests by what they need, leaves out what a tier has no room for, counts it
    reach       what a test calls, its helpers and fixtures too
    guard       stops a test of the quick tier that starts a process or leaves this machine
"""
