"""The contract that seqclf holds every plugin to: `seqclf plugins check`."""

import pytest


@pytest.mark.train
def test_it_keeps_seqclfs_contract(check_plugin):
    check_plugin("seqclf-convnet")
