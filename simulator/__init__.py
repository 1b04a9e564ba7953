"""A stand-in for the Odorik exchange, for development, tests and the demo.

It speaks the documented dialect of the operator's API over HTTP, makes telephones ring that
nobody owns and spends money that nobody has. It is no part of the integration and is never
shipped with it.
"""
