"""The plugin for Neovim, in real Neovim at the real server; `editors/nvim/test` runs what is here."""
