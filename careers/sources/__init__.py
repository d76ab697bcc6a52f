"""Where facts come from: the only part of `careers` that touches the network."""
