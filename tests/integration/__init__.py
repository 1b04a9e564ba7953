"""Tests of behaviour that no single module is responsible for."""
