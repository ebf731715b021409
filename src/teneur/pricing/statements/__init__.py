"""The periodic account statement: what it holds (rules), its checks (build), how it is shown (rendering)."""
