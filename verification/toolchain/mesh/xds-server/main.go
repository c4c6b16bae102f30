// xds-server is Istio's configuration server over objects in memory: the generator and the xDS protocol of
// istiod, without a Kubernetes API server. Prints one line of JSON with its addresses once it is ready, and ends
// when its standard input closes, so that it never outlives whoever started it.
//
// Control interface (loopback, HTTP):
//
//	PUT /objects    a JSON array takes the place of the objects; Istio's kinds and endpoints may differ
//	PATCH /objects  a JSON array of those that are new or changed; the others stay
//	GET /debug/...  istiod's own debug pages, e.g. /debug/syncz
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/mesh"
)

func main() {
	objectsFile := flag.String("objects", "", "file with a JSON array of objects")
	meshFile := flag.String("mesh-config", "", "file with the mesh configuration")
	address := flag.String("address", "127.0.0.1", "address to listen on")
	flag.Parse()
	if err := serve(*objectsFile, *meshFile, *address); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(objectsFile, meshFile, address string) error {
	meshText, err := os.ReadFile(meshFile)
	if err != nil {
		return err
	}
	meshConfig, err := mesh.ApplyMeshConfigDefaults(string(meshText))
	if err != nil {
		return fmt.Errorf("mesh configuration: %w", err)
	}
	input, err := os.ReadFile(objectsFile)
	if err != nil {
		return err
	}
	objects, err := parseObjects(input)
	if err != nil {
		return err
	}
	discovery, err := net.Listen("tcp", address+":0")
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", address+":0")
	if err != nil {
		return err
	}
	server := xds.NewFakeDiscoveryServer(process{}, xds.FakeOptions{
		MeshConfig:             meshConfig,
		Configs:                objects.istio,
		KubernetesObjectString: strings.Join(objects.kubernetes, "\n---\n"),
		ListenerBuilder:        func() (net.Listener, error) { return discovery, nil },
	})
	mux := http.NewServeMux()
	mux.Handle("/debug/", server.DiscoveryDebug)
	update := &updater{server: server, current: objects}
	mux.Handle("PUT /objects", update)
	mux.Handle("PATCH /objects", update)
	go func() { _ = http.Serve(control, mux) }()

	ready := map[string]string{"xds": discovery.Addr().String(), "control": control.Addr().String()}
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	return nil
}
