"""The drawing room: what people see in the terminal. The only package that knows Rich.

Nothing is imported here, so that a listing into a pipe costs no time; take
what is needed from the module that draws it.
"""
