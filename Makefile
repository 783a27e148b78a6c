.PHONY: run test check bench lock

run:
	python3 run.py

test:
	python3 run.py test

check:
	python3 run.py check

bench:
	python3 run.py bench

lock:
	python3 run.py lock
