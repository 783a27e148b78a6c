# One image for web, worker and beat; docker-compose.yml says which of them a container is.
FROM node:22-slim AS npm-packages
WORKDIR /site
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DEBUG=false
RUN useradd --system --uid 10001 --create-home tracker && install -d -o tracker -g tracker /site /site/var
WORKDIR /site
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
USER tracker
COPY --chown=tracker --from=npm-packages /site/node_modules node_modules
COPY --chown=tracker . .
# The settings make a secret key where there is none; the one made here must not become part of the image.
RUN export VAR_DIR=/tmp/build \
    && python manage.py messages --compile \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && rm -r /tmp/build
VOLUME /site/var
EXPOSE 8000
CMD ["gunicorn", "jiaxing.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
