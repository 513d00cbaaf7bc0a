"""What ``help`` shows of a public function: types, Parameters, Returns."""

import inspect

import pytest

import axislib

FUNCTIONS = [name for name in axislib.__all__ if inspect.isfunction(getattr(axislib, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_says_what_it_takes_and_gives_back(name):
    function = getattr(axislib, name)
    signature, words = inspect.signature(function), inspect.getdoc(function)
    kinds = [each.annotation for each in signature.parameters.values()]
    assert inspect.Signature.empty not in [*kinds, signature.return_annotation]
    if signature.return_annotation == "go.Figure":
        return  # a figure's docstring says how it is read
    takes, _, gives = words.partition("Returns\n-------\n")
    assert gives
    takes = takes.partition("Parameters\n----------\n")[2]
    assert all(name in takes for name in signature.parameters), takes
