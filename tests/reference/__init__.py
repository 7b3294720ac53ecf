"""A slow, plain second reading of the RULEBOOK, to judge the program by; it shares no code with it."""
