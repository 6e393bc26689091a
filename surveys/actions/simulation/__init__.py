"""A whole national round with made-up people, in which everything is done by the actions that pages use.

`playing.simulate_round` is the one to call. Nothing is written here directly, and no clock is moved: what
takes weeks in life happens now, one thing after the other, so all moments of a simulated round lie within
minutes. Where a closing time has to pass, the round is given one that is seconds away, and waited for.
"""
