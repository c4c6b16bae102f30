package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	discovery "k8s.io/api/discovery/v1"
)

// objects of the mesh, apart by who reads them.
type objects struct {
	istio      []config.Config
	kubernetes []string
	slices     []discovery.EndpointSlice
}

type header struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

func parseObjects(input []byte) (objects, error) {
	var parsed objects
	var raw []json.RawMessage
	if err := json.Unmarshal(input, &raw); err != nil {
		return parsed, fmt.Errorf("the objects are no JSON array: %w", err)
	}
	var documents []string
	for _, object := range raw {
		var head header
		if err := json.Unmarshal(object, &head); err != nil {
			return parsed, err
		}
		switch {
		case strings.Contains(head.APIVersion, "istio.io/"):
			documents = append(documents, string(object))
		default:
			parsed.kubernetes = append(parsed.kubernetes, string(object))
		}
		if head.Kind == "EndpointSlice" {
			var slice discovery.EndpointSlice
			if err := json.Unmarshal(object, &slice); err != nil {
				return parsed, err
			}
			parsed.slices = append(parsed.slices, slice)
		}
	}
	configs, unknown, err := crd.ParseInputs(strings.Join(documents, "\n---\n"))
	if err != nil {
		return parsed, fmt.Errorf("an object of Istio: %w", err)
	}
	if len(unknown) > 0 {
		return parsed, fmt.Errorf("%d objects are of no kind that Istio knows, the first is %s", len(unknown), unknown[0].Kind)
	}
	for i := range configs {
		configs[i].Domain = "cluster.local" // or short host names would resolve differently than in a cluster
	}
	parsed.istio = configs
	return parsed, nil
}

// with returns the objects, those of the same name replaced by the changes, and what is new at the end.
func (o objects) with(changes objects) objects {
	return objects{
		istio:      replaced(o.istio, changes.istio, configKey),
		kubernetes: o.kubernetes,
		slices:     replaced(o.slices, changes.slices, sliceKey),
	}
}

func replaced[T any](before, changes []T, key func(T) string) []T {
	place := map[string]int{}
	for at, object := range before {
		place[key(object)] = at
	}
	after := slices.Clone(before)
	for _, object := range changes {
		if at, exists := place[key(object)]; exists {
			after[at] = object
		} else {
			after = append(after, object)
		}
	}
	return after
}

func configKey(object config.Config) string { return object.Key() }

func sliceKey(slice discovery.EndpointSlice) string {
	return slice.Namespace + "/" + slice.Name
}
