"""A simulated Odorik exchange for development, tests and the demo.

It implements the documented HTTP API of the operator without real calls and without real costs. It
is not part of the integration and is not shipped with it.
"""
