"""Figures on public benchmarks, kept beside the project so that anybody can measure again."""
