import errno

import pytest

from quoteflow.embedded.errors import EmbeddedError, from_log, in_words


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk that holds {} is full."),
        (errno.EDQUOT, "The disk that holds {} is full."),
        (errno.EACCES, "This user may not write to {}."),
        (errno.EROFS, "This user may not write to {}."),
    ],
)
def test_refusals_of_the_system_become_sentences(tmp_path, number, sentence):
    with pytest.raises(EmbeddedError) as refusal, in_words(tmp_path):
        raise OSError(number, "as the system says it")
    assert str(refusal.value).startswith(sentence.format(tmp_path))


def test_a_full_disk_is_recognised_in_a_server_log(tmp_path):
    said = "FATAL:  could not write lock file: No space left on device"
    assert str(from_log(said, tmp_path)).startswith(f"The disk that holds {tmp_path} is full.")
    assert from_log("FATAL:  out of ideas", tmp_path) is None
