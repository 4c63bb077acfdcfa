/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wrapper.c - a script of Big Brother's that runs bb-ext
 *
 * etc/bb-bbexttab takes names of scripts without arguments.  Every word goes
 * into the script in single quotes, in which the shell finds nothing to act
 * on.  Paths become absolute, but links in them stay.
 *
 * Two runs at once that make the same file: the later one wins.  A crash can
 * leave the temporary file of fsx_replace() behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "plugins/bb-ext/wrapper.h"

#define WRAPPER_PATH_MAX 4096
#define WRAPPER_SIZE_MAX 131072

/* A file with this in it is a wrapper that we made. */
static const char wrapper_mark[] = "made by bb-ext --install-wrapper\n";

/* A word for the shell. */
static void
wrapper_quote(struct buf *out, const char *s)
{
	buf_addc(out, '\'');
	for (; *s != '\0'; s++)
		if (*s == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *s);
	buf_addc(out, '\'');
}

void
bbext_wrapper_text(const struct bbext_config *c, const char *bbext,
    struct buf *out)
{
	size_t i;

	buf_addf(out, "#!/bin/sh\n# %s - ", c->column);
	buf_adds(out, wrapper_mark);
	buf_adds(out, "exec ");
	wrapper_quote(out, bbext);
	for (i = 0; i < c->nkept; i++) {
		buf_addf(out, " --%s", c->kept[i].name);
		if (c->kept[i].arg != NULL) {
			buf_addc(out, '=');
			wrapper_quote(out, c->kept[i].arg);
		}
	}
	buf_adds(out, " -- ");
	wrapper_quote(out, c->plugin);
	for (i = 1; c->command[i] != NULL; i++) {
		buf_addc(out, ' ');
		wrapper_quote(out, c->command[i]);
	}
	buf_addc(out, '\n');
}

static int
wrapper_fail(struct buf *why, const char *path, const char *reason)
{
	clean_adds(why, path, WRAPPER_PATH_MAX);
	buf_addf(why, ": %s", reason);
	return -1;
}

/* The path from the root on; NULL with errno. */
static char *
wrapper_absolute(const char *path)
{
	char here[WRAPPER_PATH_MAX];
	struct buf b = BUF_INIT;

	if (*path != '/') {
		if (getcwd(here, sizeof(here)) == NULL)
			return NULL;
		buf_addf(&b, "%s/", here);
	}
	buf_adds(&b, path);
	errno = ENOMEM;
	return buf_take(&b);
}

/* Where bb-ext is: where it was started from, or where it is installed. */
static char *
wrapper_bbext(const char *program, struct buf *why)
{
	char *path = wrapper_absolute(strchr(program, '/') != NULL ? program :
								     MQ_BINDIR
		"/bb-ext");

	if (path != NULL && access(path, X_OK) == 0)
		return path;
	wrapper_fail(why, path != NULL ? path : program, strerror(errno));
	free(path);
	return NULL;
}

/* The plugin has to exist, so that a wrong name is noticed now. */
static int
wrapper_find_plugin(struct bbext_config *c, struct buf *why)
{
	char *path = wrapper_absolute(c->plugin);

	if (path == NULL || access(path, X_OK) != 0) {
		wrapper_fail(why, c->plugin, strerror(errno));
		free(path);
		return -1;
	}
	free(c->plugin);
	c->plugin = path;
	return 0;
}

/* May the file be written?  Yes if there is none, or one of ours. */
static int
wrapper_check(int dir, const char *name, const char *path, struct buf *why)
{
	struct buf old = BUF_INIT;
	int rc = 0;

	if (fsx_read(dir, name, O_NOFOLLOW, WRAPPER_SIZE_MAX, &old) != 0) {
		if (errno != ENOENT)
			rc = wrapper_fail(why, path, strerror(errno));
	} else if (old.len == 0 || strstr(old.data, wrapper_mark) == NULL) {
		rc = wrapper_fail(why, path,
		    "exists, and is not a wrapper that"
		    " bb-ext made; remove it or choose another name");
	}
	buf_free(&old);
	return rc;
}

/* Opens the directory of a path, and finds the name in it. */
static int
wrapper_open(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	struct buf dir = BUF_INIT;
	int fd;

	*name = slash != NULL ? slash + 1 : path;
	if (slash == NULL)
		buf_addc(&dir, '.');
	else
		buf_add(&dir, path, (size_t)(slash - path) + 1);
	errno = ENOMEM;
	fd = dir.oom ? -1 : open(dir.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_free(&dir);
	return fd;
}

static int
wrapper_write(const struct bbext_config *c, const struct buf *text,
    struct buf *why)
{
	const char *name;
	int dir = wrapper_open(c->wrapper, &name), rc = -1;

	if (dir == -1)
		return wrapper_fail(why, c->wrapper, strerror(errno));
	if (strpbrk(name, " \t\n;:") != NULL || *name == '\0')
		wrapper_fail(why, c->wrapper,
		    "Big Brother's scripts have"
		    " names without blanks, ';' and ':'");
	else if (wrapper_check(dir, name, c->wrapper, why) == 0) {
		rc = fsx_replace_mode(dir, name, text->data, text->len, 0755);
		if (rc != 0)
			rc = wrapper_fail(why, c->wrapper, strerror(errno));
	}
	close(dir);
	return rc;
}

int
bbext_wrapper_install(struct bbext_config *c, const char *program,
    struct buf *out, struct buf *why)
{
	char *bbext = wrapper_bbext(program, why);
	struct buf text = BUF_INIT;
	const char *slash = strrchr(c->wrapper, '/');
	int rc = -1;

	if (bbext == NULL || wrapper_find_plugin(c, why) != 0)
		goto out;
	bbext_wrapper_text(c, bbext, &text);
	if (text.oom)
		bbext_config_no_memory(why);
	else
		rc = wrapper_write(c, &text, why);
	if (rc == 0)
		buf_addf(out,
		    "%s is there. In $BBHOME/ext, it is run by this"
		    " line of $BBHOME/etc/bb-bbexttab:\nlocalhost : : %s;%d\n",
		    c->wrapper, slash != NULL ? slash + 1 : c->wrapper,
		    c->interval);
out:
	buf_free(&text);
	free(bbext);
	return rc;
}
