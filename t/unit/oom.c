/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * oom.c - every allocation of a scenario fails, one after the other
 *
 * Owns the count of allocations, and the addresses of those that live: one
 * scenario at a time, of any number of threads.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include "oom.h"
#include "unit.h"

#define OOM_LIVE  (1 << 16) /* room for addresses, a power of two */
#define OOM_TRIES 20000     /* allocations of a scenario, at most */

static pthread_mutex_t oom_lock = PTHREAD_MUTEX_INITIALIZER;
static bool oom_armed;       /* count, and fail */
static unsigned long oom_n;  /* allocations so far */
static unsigned long oom_at; /* the one that fails; 0: none */
static bool oom_on;          /* and all after it */
static bool oom_failed;
static void *oom_live[OOM_LIVE];
static size_t oom_nlive;

/* The names are those of ld --wrap. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void __real_free(void *);
DIR *__real_opendir(const char *);
DIR *__real_fdopendir(int);
char *__real_realpath(const char *, char *);
int __real_pthread_create(pthread_t *, const pthread_attr_t *,
    void *(*)(void *), void *);

void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
void __wrap_free(void *);
char *__wrap_strdup(const char *);
char *__wrap_strndup(const char *, size_t);
DIR *__wrap_opendir(const char *);
DIR *__wrap_fdopendir(int);
char *__wrap_realpath(const char *, char *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *,
    void *(*)(void *), void *);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* --- the addresses ------------------------------------------------------- */

static size_t
oom_slot(const void *p)
{
	return (size_t)((uintptr_t)p >> 4) * 2654435761u % OOM_LIVE;
}

static void
oom_add(void *p)
{
	size_t i = oom_slot(p);

	if (p == NULL || !oom_armed)
		return;
	while (oom_live[i] != NULL)
		i = (i + 1) % OOM_LIVE;
	oom_live[i] = p;
	if (++oom_nlive > OOM_LIVE / 2)
		abort();
}

/* Those behind it move up, as far as they may. */
static void
oom_remove(const void *p)
{
	size_t i = oom_slot(p), j, home;

	while (oom_live[i] != NULL && oom_live[i] != p)
		i = (i + 1) % OOM_LIVE;
	if (p == NULL || oom_live[i] == NULL)
		return;
	oom_nlive--;
	for (j = (i + 1) % OOM_LIVE; oom_live[j] != NULL;
	     j = (j + 1) % OOM_LIVE) {
		home = oom_slot(oom_live[j]);
		if ((j - home) % OOM_LIVE < (j - i) % OOM_LIVE)
			continue;
		oom_live[i] = oom_live[j];
		i = j;
	}
	oom_live[i] = NULL;
}

/* --- what the program calls ---------------------------------------------- */

/* Does this allocation fail? */
static bool
oom_fails(void)
{
	bool fails;

	pthread_mutex_lock(&oom_lock);
	if (oom_armed)
		oom_n++;
	fails = oom_armed && oom_at != 0 &&
	    (oom_on ? oom_n >= oom_at : oom_n == oom_at);
	oom_failed |= fails;
	pthread_mutex_unlock(&oom_lock);
	if (fails)
		errno = ENOMEM;
	return fails;
}

static void *
oom_note(void *p)
{
	pthread_mutex_lock(&oom_lock);
	oom_add(p);
	pthread_mutex_unlock(&oom_lock);
	return p;
}

void *
__wrap_malloc(size_t n)
{
	return oom_fails() ? NULL : oom_note(__real_malloc(n));
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return oom_fails() ? NULL : oom_note(__real_calloc(n, size));
}

void *
__wrap_realloc(void *old, size_t n)
{
	void *p;

	if (oom_fails())
		return NULL;
	pthread_mutex_lock(&oom_lock);
	oom_remove(old);
	p = __real_realloc(old, n);
	oom_add(p != NULL ? p : old);
	pthread_mutex_unlock(&oom_lock);
	return p;
}

void
__wrap_free(void *p)
{
	pthread_mutex_lock(&oom_lock);
	oom_remove(p);
	pthread_mutex_unlock(&oom_lock);
	__real_free(p);
}

char *
__wrap_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = __wrap_malloc(len + 1);

	if (p == NULL)
		return NULL;
	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
__wrap_strdup(const char *s)
{
	return __wrap_strndup(s, SIZE_MAX);
}

DIR *
__wrap_opendir(const char *path)
{
	return oom_fails() ? NULL : __real_opendir(path);
}

DIR *
__wrap_fdopendir(int fd)
{
	return oom_fails() ? NULL : __real_fdopendir(fd);
}

char *
__wrap_realpath(const char *path, char *out)
{
	return oom_fails() ? NULL : oom_note(__real_realpath(path, out));
}

int
__wrap_pthread_create(pthread_t *t, const pthread_attr_t *attr,
    void *(*run)(void *), void *arg)
{
	return oom_fails() ? EAGAIN : __real_pthread_create(t, attr, run, arg);
}

/* --- scenarios ----------------------------------------------------------- */

void
oom_pause(void)
{
	pthread_mutex_lock(&oom_lock);
	oom_armed = false;
	pthread_mutex_unlock(&oom_lock);
}

void
oom_resume(void)
{
	pthread_mutex_lock(&oom_lock);
	oom_armed = true;
	pthread_mutex_unlock(&oom_lock);
}

int
oom_end(int rc, struct buf *told, struct buf *result)
{
	oom_pause();
	if (told->oom) {
		assert_null(buf_str(told));
		rc = -1;
	}
	if (rc == 0)
		buf_add(result, told->data, told->len);
	buf_free(told);
	return rc;
}

/* One run; its result, and whether something failed in it. */
static int
oom_run(const struct oom_row *row, unsigned long at, bool on,
    struct buf *result)
{
	int rc;

	pthread_mutex_lock(&oom_lock);
	memset(oom_live, 0, sizeof(oom_live));
	oom_nlive = 0;
	oom_n = 0;
	oom_at = at;
	oom_on = on;
	oom_failed = false;
	oom_armed = true;
	pthread_mutex_unlock(&oom_lock);
	rc = row->run(result);
	oom_pause();
	if (oom_nlive != 0)
		fail_msg("%s: allocation %lu%s: %zu pieces of memory are left",
		    row->name, at, on ? "+" : "", oom_nlive);
	return rc;
}

/* Shows where they differ, from a bit before. */
static void
oom_compare(const struct oom_row *row, unsigned long at, bool on,
    const char *got, const char *want)
{
	size_t n = 0;

	if (strcmp(got, want) == 0)
		return;
	while (got[n] == want[n])
		n++;
	n = n > 40 ? n - 40 : 0;
	fail_msg("%s: allocation %lu%s fails: ...%.200s... is ...%.200s...",
	    row->name, at, on ? "+" : "", got + n, want + n);
}

static unsigned long
oom_try_from(const struct oom_row *row, const char *want, bool on)
{
	struct buf got = BUF_INIT;
	unsigned long at;
	int rc;

	for (at = 1; at < OOM_TRIES; at++) {
		rc = oom_run(row, at, on, &got);
		if (rc != 0 && !oom_failed)
			fail_msg("%s: -1, though nothing failed", row->name);
		if (rc == 0)
			oom_compare(row, at, on, buf_str(&got), want);
		buf_free(&got);
		if (!oom_failed)
			return at - 1;
	}
	fail_msg("%s: it has no end", row->name);
	return 0;
}

void
oom_try(const struct oom_row *row, size_t n)
{
	struct buf want = BUF_INIT;
	unsigned long tried;

#ifdef HAVE_JANSSON
	json_set_alloc_funcs(malloc, free);
#endif
	for (; n-- != 0; row++) {
		if (oom_run(row, 0, false, &want) != 0)
			fail_msg("%s: -1 without a failure", row->name);
		tried = oom_try_from(row, buf_str(&want), false);
		if (tried == 0)
			fail_msg("%s: no allocation", row->name);
		oom_try_from(row, buf_str(&want), true);
		print_message("# %s: %lu allocations\n", row->name, tried);
		buf_free(&want);
	}
}
