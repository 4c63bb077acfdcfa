#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# lists.t - versions, files and needed packages: said in several places
use strict;
use warnings;

use File::Find;
use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use Test::More;

my $src = srcdir();
my $spec = slurp("$src/packaging/mqueue-plugins.spec");
my $control = slurp("$src/debian/control");
my ($version) = slurp("$src/configure.ac") =~
    /^AC_INIT\(\[mqueue-plugins\], \[([^]]+)\]\)/m;

is((slurp("$src/debian/changelog") =~ /\A\S+ \((.*)-0upstream\d+\)/)[0],
    $version, 'debian/changelog has the version');
is(($spec =~ /^Version:\s*(\S+)/m)[0], $version, '... and so has the spec');
is(($spec =~ /^%changelog\n\*.* (\S+)-\d+$/m)[0], $version,
    '... and its changelog');
my @named = slurp("$src/README") =~ /mqueue-plugins-(\d[0-9.]*\d)/g;
is_deeply([grep { $_ ne $version } @named], [], '... and README');

# Every document that make install installs is on the list, and has a place in
# each kind of packages.
my @all = split /\n/, slurp("$src/t/package/installed");
my ($documents) = slurp("$src/Makefile.am") =~ /^dist_doc_DATA = (.*)$/m;
my @documents = sort split ' ', $documents;
is_deeply([sort map { m{/share/doc/[^/]+/(.*)} } @all], \@documents,
    'the list has all documents');
is_deeply([sort map { m{^usr/share/doc/[^/]+/([A-Z]+)$}mg }
    slurp("$src/debian/mqueue-plugins-doc.install"),
    slurp("$src/debian/not-installed")], \@documents,
    'debian/ has each document once');
is_deeply([sort $spec =~ m{^%\{docs\}/([A-Z]+)$}mg, $spec =~
    m{^rm .*/COPYING .*/NEWS$}m ? qw(COPYING NEWS) : ()], \@documents,
    'the spec has each document once');

# What a test, a package or an operator needs is in the release archive. Where
# the source is built in, it is full of other files, and that is an archive.
my $makefile = slurp("$src/Makefile.am");
my @missing;
find({no_chdir => 1, wanted => sub {
	my $file = s{^\Q$src\E/}{}r;
	push @missing, $file if -f && $file !~ m{^t/(?:data|unit)/|\.[ch]$}
	    && $makefile !~ m{(?<![\w/.])\Q$file\E(?![\w.])};
}}, map { "$src/$_" } qw(bench contrib debian man packaging t))
    if !-e "$src/config.status";
is_deeply(\@missing, [], 'Makefile.am names every file');

# Every program, page and completion is in one package of each kind.
my @installed = grep { !m{/share/doc/} } @all;
my %deb;
for my $list (map { slurp("$src/debian/$_.install") } 'mqueue-plugins',
    'mqueue-tools') {
	for my $entry (split /\n/, $list) {
		$deb{$_}++ for grep { m{^/\Q$entry\E(?:/|$)} } @installed;
	}
}
is_deeply([map { "$_ $deb{$_}" } sort keys %deb],
    [map { "$_ 1" } sort @installed], 'debian/*.install has each file once');

my %macro = (bindir => '/usr/bin', sbindir => '/usr/sbin',
    plugindir => '/usr/lib/nagios/plugins', _bindir => '/usr/bin',
    _sbindir => '/usr/sbin', _mandir => '/usr/share/man',
    _datadir => '/usr/share',
    completiondir => '/usr/share/bash-completion/completions');
my %rpm;
for my $entry ($spec =~ m{^(%\{\w+\}/\S+)$}mg) {
	my $path = $entry =~ s/%\{(\w+)\}/$macro{$1} \/\/ "?$1"/er;
	$path =~ s/\*$//;
	$rpm{$_}++ for grep { m{^\Q$path\E(?:/|$)} } @installed;
}
is_deeply([map { "$_ $rpm{$_}" } sort keys %rpm],
    [map { "$_ 1" } sort @installed], 'the spec has each file once');

for my $path (grep { m{/s?bin/|/plugins/} } @installed) {
	my ($name) = $path =~ m{([^/]+)$};
	is(scalar(grep { m{/man[18]/\Q$name\E\.[18]$} } @installed), 1,
	    "$name has a manual page");
	is(scalar(grep { m{/completions/\Q$name\E$} } @installed), 1,
	    '... and is completed');
}

# What is needed, but for the tools that every Debian build has.
my %everywhere = map { $_ => 1 } qw(autoconf automake gcc libc6-dev make);
sub list {
	my ($name) = @_;
	my ($words) = slurp("$src/quickstart") =~ /^$name='([^']*)'/m;
	return grep { !$everywhere{$_} } split ' ', $words;
}
my ($depends) = $control =~ /^Build-Depends:\n((?: .*\n)+)/m;
my @depends = sort grep { !/^debhelper-compat/ }
    map { /^ ([a-z0-9.+-]+)/ } split /\n/, $depends;
is_deeply(\@depends, [sort(list('BUILD_PACKAGES'), list('CHECK_PACKAGES'))],
    'Build-Depends are what quickstart installs');
my @libraries = slurp("$src/configure.ac") =~
    /PKG_CHECK_MODULES\(\[\w+\],\s*\[(\w+)/g;
my %required = map { $_ => 1 } $spec =~ /^BuildRequires:\s+pkgconfig\((\w+)\)/mg;
is_deeply([sort keys %required], [sort map { s/_core$//r } @libraries],
    'BuildRequires are what configure looks for');
done_testing;
