"""Demonstration data: invented people, plausible figures, written by the product's own acts.

Split by subject: ``people``, ``frameworks``, ``districts`` (what each is like), ``figures`` (what its
office would count), ``results`` (who reports, checks, approves and sends back, and what is missing).
Everything comes from a fixed seed, so that two installations show the same stars. Each stage is
one transaction and knows whether it is done, so that a killed run is simply run again.
"""
