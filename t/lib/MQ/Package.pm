# SPDX-License-Identifier: GPL-3.0-or-later
# Package.pm - the Debian packages of this tree, made from a build, in the lab
#
# Nothing is compiled and debhelper is not needed: "make install" puts the files
# into a directory, and which package has which of them, its folders, its
# scripts and its control data are read from debian/. What these lack is the
# list of libraries that they depend on; t/package has the packages as
# dpkg-buildpackage makes them.
#
# The programs know the places that the build was configured for. Where these
# are others than the package's, links lead from there to here. All is purged
# when the test ends. A test begins with need('lab').
package MQ::Package;
use strict;
use warnings;

use Exporter qw(import);
use File::Basename qw(basename dirname);
use MQ;
use MQ::Lab;

our @EXPORT = qw(make_packages install_packages);

# What debian/rules tells configure.
my %PLACES = (prefix => '/usr', sysconfdir => '/etc',
    plugindir => '/usr/lib/nagios/plugins',
    statedir => '/var/lib/mqueue-plugins');

# make_packages($dir): as files in $dir, with dpkg-buildpackage's names. What is
# installed of them is purged at the end.
sub make_packages {
	my ($dir) = @_;
	my $all = tempdir();
	_make_install($all);
	my ($version) = slurp(srcdir() . '/debian/changelog') =~ /\((\S+)\)/;
	my ($source, @packages) = map { {/^(\S+?):((?:.*\n(?: .*\n)*))/mg} }
	    split /\n{2,}/, slurp(srcdir() . '/debian/control') . "\n";
	for my $package (@packages) {
		my $name = $package->{Package} =~ s/\s//gr;
		_lay_out("$dir/$name", $name, $all);
		_describe("$dir/$name", $version, $source, $package);
		run_ok('dpkg-deb', '--build', '--root-owner-group', '-Znone',
		    "$dir/$name", $dir);
		run_ok('rm', '-rf', "$dir/$name");
	}
	# The tree of the lab leaves documents out.
	put('/etc/dpkg/dpkg.cfg.d/samples',
	    "path-include=/usr/share/doc/mqueue-plugins/*\n");
	my @names = map { $_->{Package} =~ s/\s//gr } @packages;
	at_end(sub { run('dpkg', '--purge', @names) });
	_link_places();
}

# What is built is taken as it is: the lab has no compiler, nor the headers that
# make would look at.
sub _make_install {
	my ($root) = @_;
	my @make = ('make', '--silent', '-C', builddir());
	my @built = split ' ', run_ok(@make, '--eval=built: ; @echo'
	    . ' $(LIBRARIES) $(PROGRAMS) $(SCRIPTS) $(DATA)', 'built');
	run_ok(@make, (map { "--old-file=$_" } @built), 'install-exec',
	    'install-data', "DESTDIR=$root",
	    map { "$_=$PLACES{$_}" } sort keys %PLACES);
}

# The files of one package below $root, from those of all packages.
sub _lay_out {
	my ($root, $name, $all) = @_;
	my $list = srcdir() . "/debian/$name";
	run_ok('mkdir', '-p', "$root/DEBIAN", map { "$root/$_" }
	    -e "$list.dirs" ? split ' ', slurp("$list.dirs") : ());
	for my $path (split ' ', slurp("$list.install")) {
		run_ok('mkdir', '-p', dirname("$root/$path"));
		run_ok('cp', '-a', "$all/$path", "$root/$path");
	}
	for my $script (grep { -e "$list.$_" } qw(postinst postrm)) {
		spew("$root/DEBIAN/$script", slurp("$list.$script"));
		chmod 0755, "$root/DEBIAN/$script";
	}
}

# Its control file: what debian/control says, without what debhelper fills in.
sub _describe {
	my ($root, $version, $source, $package) = @_;
	my %field = ((map { $_ => $source->{$_} } qw(Maintainer Priority
	    Section)), %$package, Version => " $version\n");
	for my $relation (grep { defined $field{$_} } qw(Depends Recommends
	    Suggests)) {
		my @names = grep { /\w/ && !/\$/ } split /[,\n]\s*/,
		    $field{$relation};
		$field{$relation} = ' ' . join(', ', map { s/^\s+//r }
		    @names) . "\n";
		delete $field{$relation} if !@names;
	}
	$field{Architecture} =~ s/any/run_ok('dpkg',
	    '--print-architecture') =~ s{\n}{}r/e;
	spew("$root/DEBIAN/control", map { "$_:$field{$_}" }
	    sort { ($b eq 'Package') <=> ($a eq 'Package') || $a cmp $b }
	    keys %field);
}

# Where the programs of this build look for what the packages have.
sub _link_places {
	my %built = slurp(builddir() . '/Makefile') =~ /^(\w+) = (.*)$/mg;
	for (["\${statedir}", $PLACES{statedir}],
	    ["\${plugindir}", $PLACES{plugindir}],
	    ["\${sysconfdir}/mqueue-plugins", '/etc/mqueue-plugins'],
	    ["\${pkgdatadir}", '/usr/share/mqueue-plugins'],
	    ["\${bindir}/bb-ext", '/usr/bin/bb-ext']) {
		my ($place, $packaged) = @$_;
		1 while $place =~ s/\$[{(](\w+)[})]/$built{$1}/g;
		put_link($place, $packaged) if $place ne $packaged;
	}
}

# Makes them and installs them.
sub install_packages {
	my $dir = tempdir();
	make_packages($dir);
	run_ok('dpkg', '--install', glob "$dir/*.deb");
}

1;
