"""Every error Vouch raises, named for what went wrong; each message says what to do next.

::

    RagError
    |-- LoadError                 one file or page could not be read; the others go on
    |   |-- SourceNotFound        no such file, folder or pattern
    |   |-- AccessDenied          the file may not be read
    |   |-- EmptySource           nothing in it
    |   |-- EncryptedSource       it needs a password
    |   |-- DamagedSource         truncated, malformed, or not what its name says
    |   |-- UnsupportedSource     a format Vouch does not read
    |   |-- SourceTooLarge        over the limit, or unpacks to far more than it weighs
    |   |-- AddressRefused        a URL that does not lead to a public address
    |   `-- FetchFailed           a URL that did not answer as it should
    |-- LibraryError
    |   |-- LibraryNotFound       nothing was ever indexed there
    |   |-- LibraryBusy           another process is writing to it
    |   |-- LibraryDamaged        its file is not readable as a library
    |   |-- LibraryFull           no room left on the disk
    |   |-- EmbedderMismatch      it was made with another embedding model
    |   `-- DocumentNotFound      no document by that number or name
    |-- QuestionError             an empty or overlong question
    |-- DateError                 an as-of date that is not a date
    `-- ModelError
        |-- ModelNotFound         neither installed nor in a folder of that name
        |-- ModelDamaged          its weights are not the published ones
        |-- ModelUnreachable      nothing answers at the address of a model server
        |-- ModelRefused          a model server does not serve this request, or may not be sent it
        `-- ModelFailed           a model stopped in the middle of its work
"""


class RagError(Exception):
    """The root: catch this to catch everything Vouch raises on purpose."""


class LoadError(RagError):
    """One file or page could not be read."""


class SourceNotFound(LoadError):
    """No such file, folder or pattern."""


class AccessDenied(LoadError):
    """The file may not be read."""


class EmptySource(LoadError):
    """There is nothing in it."""


class EncryptedSource(LoadError):
    """It needs a password."""


class DamagedSource(LoadError):
    """Truncated, malformed, or not what its name says."""


class UnsupportedSource(LoadError):
    """A format Vouch does not read."""


class SourceTooLarge(LoadError):
    """Over the size limit, or it unpacks to far more than it weighs."""


class AddressRefused(LoadError):
    """A URL that does not lead to a public address."""


class FetchFailed(LoadError):
    """A URL that did not answer as it should."""


class LibraryError(RagError):
    """Something about a library as a whole."""


class LibraryNotFound(LibraryError):
    """Nothing was ever indexed there."""


class LibraryBusy(LibraryError):
    """Another process is writing to it."""


class LibraryDamaged(LibraryError):
    """Its file is not readable as a library."""


class LibraryFull(LibraryError):
    """No room left on the disk."""


class EmbedderMismatch(LibraryError):
    """It was made with another embedding model."""


class DocumentNotFound(LibraryError):
    """No document by that number or name."""


class QuestionError(RagError):
    """An empty or overlong question."""


class DateError(RagError):
    """An as-of date that is not a date."""


class ModelError(RagError):
    """Something about a model."""


class ModelNotFound(ModelError):
    """Neither installed nor in a folder of that name."""


class ModelDamaged(ModelError):
    """Its weights are not the published ones."""


class ModelUnreachable(ModelError):
    """Nothing answers at the address of a model server."""


class ModelRefused(ModelError):
    """A model server does not serve this request, or may not be sent it."""


class ModelFailed(ModelError):
    """A model stopped in the middle of its work."""
