"""Which forms are told to each role as far as the access table goes."""


class ToldByRole:
    """Marks a serializer whose fields the table hides from some readers (`accounts.bodies`).

    The OpenAPI document promises none of them to everybody but the key.
    """
