"""The names of fields as Tempo Cloud has them, where the domain names them as Data Center does."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from mock_server.errors import Invalid

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "availability": "commitmentPercent",
        "dateFrom": "from",
        "dateTo": "to",
        "role": "roleId",
        "scope": "scopeId",
        "teamProgram": "programId",
    }
)


@contextmanager
def in_cloud_names() -> Iterator[None]:
    """Raises an ``Invalid`` from inside the block anew, with Cloud's names of the fields."""
    try:
        yield
    except Invalid as error:
        fields = {_NAMES.get(name, name): text for name, text in error.fields.items()}
        raise Invalid(error.message, fields, error.further) from error
