"""Tests of the transfer rules, each beside the clause whose effect it asserts."""
