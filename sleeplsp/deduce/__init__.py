"""The embedded reasoner: what can be deduced from flow programs alone, without a model or a network.

`cfg` turns a program into a control-flow graph, `domain` says what is tracked of values, `flow` runs
the graph to a fixpoint, `paths` walks single feasible paths, `contracts` reads a function's Contract
off both, `checks` look for likely bugs. Everything here is a pure function of flow programs, contracts
and library facts that are handed in; no grammar, file or process is known.
"""
