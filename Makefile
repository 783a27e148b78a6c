.PHONY: run test check lock

run:
	python3 run.py

test:
	python3 run.py test

check:
	python3 run.py check

lock:
	python3 run.py lock
