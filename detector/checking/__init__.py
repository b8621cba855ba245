"""Checking: is what is stored of works true, and if not, what of it is mended how?"""
